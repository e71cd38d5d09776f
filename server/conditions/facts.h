// Facts: what was known at one moment, as a google.protobuf.Struct such as {"event": {…}, "contact": {…}}. Conditions
// test them, breakdowns group by them.
//
// Pure functions without I/O.
#ifndef CANVASS_SERVER_CONDITIONS_FACTS_H_
#define CANVASS_SERVER_CONDITIONS_FACTS_H_

#include <google/protobuf/struct.pb.h>

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/error.h"

namespace canvass::conditions {

inline constexpr std::size_t kMaxPathBytes = 256;

// The value at a dotted path such as `event.address.city`; nullptr if it is not there or is null. Paths do not lead
// into lists. Valid as long as `facts` is not changed.
const google::protobuf::Value* Find(const google::protobuf::Struct& facts, absl::string_view path);

// The shortest text that reads back as `number`, without trailing zeros (3, 0.5, 1e+21); empty if it is not finite.
std::string NumberText(double number);

// The text by which a breakdown groups: text as it is, numbers as NumberText, true and false; empty for null, lists and
// objects.
std::string FactText(const google::protobuf::Value& value);

// True if `path` has the form of a path into facts below one of `roots`: at least two parts joined by '.', none empty,
// no control characters, at most kMaxPathBytes.
bool IsFactPath(absl::string_view path, absl::Span<const absl::string_view> roots);

// What keys an object within facts may have.
enum class FactKeys {
  kAny,         // whatever JSON allows
  kIdentifier,  // one or more of a-z, A-Z, 0-9 and '_'
};

struct FactLimits {
  int max_depth = 8;                  // {"a": 1} is 1 deep, {"a": {"b": 1}} and {"a": [1]} are 2
  std::size_t max_bytes = 64 * 1024;  // of the serialized Struct
  FactKeys keys = FactKeys::kAny;
};

// Adds a violation below `field` for all that breaks `limits`, for values that are not set and for numbers that are not
// finite. Stops at Violations::kMaxReported. Safe on hostile input: never goes deeper than the limit.
void CheckFacts(absl::string_view field, const google::protobuf::Struct& facts, const FactLimits& limits,
                Violations& violations);

}  // namespace canvass::conditions

#endif  // CANVASS_SERVER_CONDITIONS_FACTS_H_
