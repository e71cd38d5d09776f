// Finds out where in a message its bytes are wrong. Only called once parsing has failed, so it is not made for speed.
#ifndef CANVASS_SERVER_RPC_WIRE_WALK_H_
#define CANVASS_SERVER_RPC_WIRE_WALK_H_

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace canvass::rpc {

// The path of the first string that is not UTF-8, for example `response.answers[2].text` or, within a Struct,
// `event.data.note`; nullopt if there is none before the bytes end or stop making sense. Follows at most 100 levels,
// the depth at which the parser gives up too.
std::optional<std::string> FindInvalidUtf8(const google::protobuf::Descriptor& type, absl::string_view bytes);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_WIRE_WALK_H_
