// Owns the precompiled header grpc_test.h; see cmake/PrecompiledHeaders.cmake.
