"""Exact pixel counts of label masks, and class weights from them, as NumPy arrays.

    import maskweight
    data = maskweight.count("train/masks", classes=19, ignore_index=255)
    data.pixels, data.weights("enet")

Over libmaskweight, by ctypes. Options are those of the program (maskweight --help), with _ for each -; True for one
without argument, a list for one that is repeated.
"""
import ctypes
import os

import numpy

_library = ctypes.CDLL(os.environ.get("MASKWEIGHT_LIBRARY", "libmaskweight.so.0"))
_reals = numpy.ctypeslib.ndpointer(numpy.float64, flags="C_CONTIGUOUS")
_integers = numpy.ctypeslib.ndpointer(numpy.uint64, flags="C_CONTIGUOUS")
_text, _handle, _texts = ctypes.c_char_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p)
for _name, _result, _arguments in (
    ("mw_version", _text, []),
    ("mw_new", _handle, []),
    ("mw_free", None, [_handle]),
    ("mw_message", _text, [_handle]),
    ("mw_set", ctypes.c_int, [_handle, _text, _text]),
    ("mw_count", ctypes.c_int, [_handle, _texts, ctypes.c_size_t]),
    ("mw_class_count", ctypes.c_size_t, [_handle]),
    ("mw_class_name", _text, [_handle, ctypes.c_size_t]),
    ("mw_counts", ctypes.c_int, [_handle, _text, _integers]),
    ("mw_total", ctypes.c_int, [_handle, _text, ctypes.POINTER(ctypes.c_uint64)]),
    ("mw_weights", ctypes.c_int, [_handle, _text, _reals, _reals, _reals]),
):
    getattr(_library, _name).restype = _result
    getattr(_library, _name).argtypes = _arguments

__version__ = _library.mw_version().decode()


class Error(ValueError):
    """What the library refuses; the message is that of the program."""


class Dataset:
    """Counts of some sources; made by count()."""

    def __init__(self, sources, options):
        self._mw = _library.mw_new()
        if not self._mw:
            raise MemoryError
        for name, values in options.items():
            self.set(name, values)
        encoded = (ctypes.c_char_p * len(sources))(*(os.fsencode(source) for source in sources))
        self._check(_library.mw_count(self._mw, encoded, len(sources)))

    def __del__(self):
        if getattr(self, "_mw", None):
            _library.mw_free(self._mw)

    def _check(self, status):
        if status == 2:
            raise MemoryError
        if status:
            raise (OSError if status == 3 else Error)(_library.mw_message(self._mw).decode(errors="replace"))

    def set(self, name, values):
        """Sets an option; once masks are counted, one of those that say how is weighed."""
        for value in values if isinstance(values, (list, tuple)) else [values]:
            if value is False or value is None:
                continue
            text = None if value is True else os.fsencode(value if isinstance(value, (str, os.PathLike)) else str(value))
            self._check(_library.mw_set(self._mw, name.replace("_", "-").encode(), text))

    def counts(self, key):
        """One integer of each class, in order of id: "pixels", "masks", "mask_pixels", ..."""
        values = numpy.empty(_library.mw_class_count(self._mw), numpy.uint64)
        self._check(_library.mw_counts(self._mw, key.encode(), values))
        return values

    def total(self, key):
        """One integer of all masks: "files", "masks", "pixels", "ignored_pixels", "failed_files", ..."""
        value = ctypes.c_uint64()
        self._check(_library.mw_total(self._mw, key.encode(), value))
        return value.value

    def weights(self, scheme="balanced", intervals=False):
        """The weight of each class; with intervals=True also the low and the high ends of the 95 % intervals."""
        values, low, high = numpy.empty((3, _library.mw_class_count(self._mw)))
        self._check(_library.mw_weights(self._mw, scheme.encode(), values, low, high))
        return (values, low, high) if intervals else values

    ids = property(lambda self: self.counts("id"))
    pixels = property(lambda self: self.counts("pixels"))
    masks = property(lambda self: self.counts("masks"))

    @property
    def names(self):
        """The names of the classes, None for those without."""
        names = [_library.mw_class_name(self._mw, i) for i in range(_library.mw_class_count(self._mw))]
        return [name.decode() if name is not None else None for name in names]


def count(*sources, **options):
    """Counts directories, masks, archives and documents. Raises Error, OSError or MemoryError."""
    return Dataset(sources, options)
