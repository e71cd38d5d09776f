// Messages as JSON for -o, and by way of it as YAML (yaml.h): the contract's field names, fields that are not set left
// out, maps in the order of their keys, and counts as numbers where protobuf's own JSON makes them strings.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_MESSAGE_JSON_H_
#define CANVASS_CLIENT_CLI_OUTPUT_MESSAGE_JSON_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "google/protobuf/message.h"

namespace canvass::cli {

nlohmann::ordered_json ToJson(const google::protobuf::Message& message);

// Indented by two, with a line end.
std::string JsonText(const nlohmann::ordered_json& json);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_MESSAGE_JSON_H_
