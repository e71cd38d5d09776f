// Precompiled for the tests of rooms.

#ifndef CANVASS_CMAKE_PCH_CORE_TEST_H_
#define CANVASS_CMAKE_PCH_CORE_TEST_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/pch/core.h"

#endif  // CANVASS_CMAKE_PCH_CORE_TEST_H_
