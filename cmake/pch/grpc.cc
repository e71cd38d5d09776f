// Owns the precompiled header grpc.h; see cmake/PrecompiledHeaders.cmake.
