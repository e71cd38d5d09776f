// Precompiled for tests that speak gRPC.

#ifndef CANVASS_CMAKE_PCH_GRPC_TEST_H_
#define CANVASS_CMAKE_PCH_GRPC_TEST_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/pch/grpc.h"

#endif  // CANVASS_CMAKE_PCH_GRPC_TEST_H_
