// Owns the precompiled header core_test.h; see cmake/PrecompiledHeaders.cmake.
