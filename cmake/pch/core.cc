// Owns the precompiled header core.h; see cmake/PrecompiledHeaders.cmake.
