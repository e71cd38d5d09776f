// What is fixed when the library is built; CMake fills in build_facts.cc.in.
//
// Thread-safe.
#ifndef CANVASS_CLIENT_CPP_BUILD_FACTS_H_
#define CANVASS_CLIENT_CPP_BUILD_FACTS_H_

#include "absl/strings/string_view.h"

namespace canvass::client {

// The text of proto/canvass/v1/service_config.json.
absl::string_view ServiceConfigJson();

// The version of Canvass that this library belongs to, for example "0.1.0".
absl::string_view Version();

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_BUILD_FACTS_H_
