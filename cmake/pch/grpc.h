// Precompiled for the rooms that speak gRPC.

#ifndef CANVASS_CMAKE_PCH_GRPC_H_
#define CANVASS_CMAKE_PCH_GRPC_H_

#include <grpcpp/grpcpp.h>

#include "cmake/pch/core.h"

#endif  // CANVASS_CMAKE_PCH_GRPC_H_
