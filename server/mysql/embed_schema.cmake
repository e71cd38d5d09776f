# Writes schema/*.sql into a C++ source, so that a binary carries the schema it
# was built for. Run by the build:
#
#   cmake -DSCHEMA_DIR=<dir> -DOUTPUT=<file.cc> -P embed_schema.cmake

file(GLOB files "${SCHEMA_DIR}/*.sql")
list(SORT files)
set(entries "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(stem "${file}" NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_what_it_does.sql")
  endif()
  set(name "${CMAKE_MATCH_2}")
  math(EXPR version "1${CMAKE_MATCH_1} - 10000")
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "${file}: the next migration must have number ${expected}")
  endif()
  math(EXPR expected "${expected} + 1")
  file(READ "${file}" sql)
  string(APPEND entries "    {${version}, \"${name}\", R\"canvass_sql(${sql})canvass_sql\"},\n")
endforeach()

file(WRITE "${OUTPUT}.new" "// Generated from server/mysql/schema by embed_schema.cmake.
#include \"server/mysql/migrations.h\"

namespace canvass::mysql {
namespace {

constexpr Migration kMigrations[] = {
${entries}};

}  // namespace

absl::Span<const Migration> Migrations() { return kMigrations; }

}  // namespace canvass::mysql
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
