"""Writes values.gguf: metadata of every type and two tensors, as the `gguf` package (0.17) lays them out."""
import pathlib

import gguf
import numpy

writer = gguf.GGUFWriter(pathlib.Path(__file__).with_name("values.gguf"), "llama")
writer.add_custom_alignment(64)
writer.add_uint8("x.uint8", 200)
writer.add_int8("x.int8", -100)
writer.add_uint16("x.uint16", 60000)
writer.add_int16("x.int16", -30000)
writer.add_uint32("x.uint32", 4_000_000_000)
writer.add_int32("x.int32", -2_000_000_000)
writer.add_float32("x.float32", 0.5)
writer.add_uint64("x.uint64", 10**19)
writer.add_int64("x.int64", -9 * 10**18)
writer.add_float64("x.float64", 0.1)
writer.add_bool("x.bool", True)
writer.add_array("x.texts", ["a", "bb", ""])
writer.add_array("x.lists", [[1, 2], [3, 4]])
writer.add_tensor("one", numpy.array([1, 2, 3], dtype=numpy.float32))
writer.add_tensor("two", numpy.arange(6, dtype=numpy.float16).reshape(2, 3))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
