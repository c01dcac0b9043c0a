"""The year loop: numba kernels on plain float64 arrays. Inputs are checked before they get here; kernels never raise."""
