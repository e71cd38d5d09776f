// Precompiled for the command line: its options and every generated client are in each of its files, which take a third
// of the time with it.

#ifndef CANVASS_CMAKE_PCH_CLI_H_
#define CANVASS_CMAKE_PCH_CLI_H_

#include <CLI/CLI.hpp>

#include "client/cpp/client.h"
#include "cmake/pch/grpc.h"

#endif  // CANVASS_CMAKE_PCH_CLI_H_
