"""NumPy, loaded by the first that computes with it: it is a tenth of what a start costs, and most pages never need it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["Array", "Bools", "Days", "Floats", "Ints", "Late", "np"]


class Late:
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)  # the next time without a detour
        return found


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Days = NDArray[np.datetime64]
    Array = NDArray[Any]
else:
    np = Late("numpy")
    Ints = Floats = Bools = Days = Array = Any
