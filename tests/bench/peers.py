"""Counts masks as people do it with a Python library: peers.py LIBRARY LIST BITS, where LIST names
the files, one a line. Prints CPU and wall seconds of the loop alone: that the imports take a tenth of
a second and more is not held against anybody. peers.py LIBRARY - 8 only tries the import."""

import sys
import time


def with_numpy(read):
    """Counts arrays in bands: bincount makes 8 bytes of every pixel."""
    import numpy

    def count(path, bits, counts):
        array = read(path)
        if array.ndim == 3:
            array = (array[..., 0].astype(numpy.uint32) << 16 | array[..., 1].astype(numpy.uint32) << 8
                     | array[..., 2])
            for value, pixels in zip(*numpy.unique(array, return_counts=True)):
                counts[int(value)] = counts.get(int(value), 0) + int(pixels)
            return
        for top in range(0, len(array), 1024):
            counts[0] = counts.get(0, 0) + numpy.bincount(array[top:top + 1024].ravel(),
                                                          minlength=1 << bits)
    return count


def pillow():
    import numpy
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    return with_numpy(lambda path: numpy.asarray(Image.open(path)))


def opencv():
    import cv2
    return with_numpy(lambda path: cv2.imread(path, cv2.IMREAD_UNCHANGED))


def gdal():
    from osgeo import gdal as library
    library.UseExceptions()
    library.SetConfigOption("GDAL_PAM_ENABLED", "NO")

    def count(path, bits, counts):
        opened = library.Open(path)  # a band does not keep its dataset
        counts[path] = opened.GetRasterBand(1).GetHistogram(-0.5, (1 << bits) - 0.5, 1 << bits, 0, 0)
    return count


def main():
    count, counts = {"Pillow": pillow, "OpenCV": opencv, "GDAL": gdal}[sys.argv[1]](), {}
    if sys.argv[2] == "-":
        return
    with open(sys.argv[2], encoding="utf-8") as file:
        paths = file.read().splitlines()
    wall, cpu = time.perf_counter(), time.process_time()
    for path in paths:
        count(path, int(sys.argv[3]), counts)
    print(time.process_time() - cpu, time.perf_counter() - wall)


if __name__ == "__main__":
    main()
