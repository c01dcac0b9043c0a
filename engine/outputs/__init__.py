"""Results with labels: the table of variables, datasets, files, tables for people, comparison with what was printed."""


class OutputError(ValueError):
    """A file that cannot be written or read; the message names the file, what is wrong and what helps."""


__all__ = ["OutputError"]
