# Packages of the system. What a distribution packages without a CMake target
# gets one here, so that rooms name all their libraries in one manner:
#
#   protobuf::libprotobuf  gRPC::grpc++  gRPC::grpc++_reflection  absl::*
#   spdlog::spdlog  fmt::fmt  yaml-cpp::yaml-cpp  CLI11::CLI11
#   nlohmann_json::nlohmann_json  httplib::httplib  CURL::libcurl
#   prometheus-cpp::core  OpenSSL::Crypto  OpenSSL::SSL  ZLIB::ZLIB
#   qrencode::qrencode  gmime::gmime  canvass::connector (MySQL Connector/C++)
#   jemalloc::jemalloc
#   GTest::gtest  rapidcheck

find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CURL REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(rapidcheck REQUIRED)

if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

find_package(httplib CONFIG QUIET)
if(NOT TARGET httplib::httplib)
  pkg_check_modules(cpp_httplib REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
  add_library(httplib::httplib ALIAS PkgConfig::cpp_httplib)
endif()

pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET GLOBAL libqrencode)
add_library(qrencode::qrencode ALIAS PkgConfig::qrencode)

# Without the macros that it asks for on 32-bit systems: precompiled headers do
# not have them.
pkg_check_modules(GMIME REQUIRED gmime-3.0)
add_library(canvass_gmime INTERFACE)
add_library(gmime::gmime ALIAS canvass_gmime)
target_include_directories(canvass_gmime SYSTEM INTERFACE ${GMIME_INCLUDE_DIRS})
target_link_libraries(canvass_gmime INTERFACE ${GMIME_LINK_LIBRARIES})

# The allocator of whatever program links it, for one that makes and drops many
# small messages. Static where that can be, so that images do not need it.
# Sanitizers bring their own.
add_library(canvass_jemalloc INTERFACE)
add_library(jemalloc::jemalloc ALIAS canvass_jemalloc)
if(NOT CANVASS_SANITIZE)
  find_library(CANVASS_JEMALLOC NAMES libjemalloc_pic.a jemalloc REQUIRED)
  target_link_libraries(canvass_jemalloc INTERFACE "${CANVASS_JEMALLOC}" ${CMAKE_DL_LIBS})
endif()

# Oracle's packages of Connector/C++ 8 and 9 bring a configuration; Debian's
# 1.1 is a library and headers only.
add_library(canvass_mysql_connector INTERFACE)
add_library(canvass::connector ALIAS canvass_mysql_connector)
find_package(mysql-concpp QUIET)
if(mysql-concpp_FOUND)
  target_link_libraries(canvass_mysql_connector INTERFACE mysql::concpp-jdbc)
else()
  find_library(CANVASS_MYSQLCPPCONN mysqlcppconn REQUIRED)
  target_link_libraries(canvass_mysql_connector INTERFACE "${CANVASS_MYSQLCPPCONN}")
endif()
