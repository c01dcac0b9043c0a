"""The scheme as an open group: yearly flows, actuarial balance, implicit pension debt, and the reform against no reform."""
