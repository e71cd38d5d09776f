// Identifiers: strong types for names that people choose, and UUIDs for what the server names itself.
//
//   TenantId tenant("acme");
//   Uuid id = Uuid::V7(clock.Now(), random);   // sorts by time, so keys of one tenant cluster
#ifndef CANVASS_SERVER_BASE_IDS_H_
#define CANVASS_SERVER_BASE_IDS_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/random.h"

namespace canvass {

// A string that cannot be mistaken for another kind of string.
template <typename Tag>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(std::string value) : value_(std::move(value)) {}
  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend bool operator==(const StrongId&, const StrongId&) = default;
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const StrongId& id) {
    return H::combine(std::move(h), id.value_);
  }

 private:
  std::string value_;
};

using TenantId = StrongId<struct TenantTag>;
using SurveyId = StrongId<struct SurveyTag>;
using TriggerId = StrongId<struct TriggerTag>;
using SegmentId = StrongId<struct SegmentTag>;
// The caller's own identifier of a customer, any UTF-8 of 1 to 128 bytes.
using ContactId = StrongId<struct ContactTag>;

// 16 bytes of RFC 9562.
class Uuid {
 public:
  Uuid() : bytes_(16, '\0') {}
  // Version 7: 48 bits of Unix milliseconds, then random bits.
  static Uuid V7(absl::Time time, Random& random);
  // What no version 7 UUID of that millisecond or a later one is below.
  static Uuid EarliestAt(absl::Time time);
  // Parses the 36-character text form. InvalidArgument if `text` is anything else.
  static absl::StatusOr<Uuid> Parse(absl::string_view text);
  // Takes 16 raw bytes as a BINARY(16) column holds them; any other length yields the nil UUID.
  static Uuid FromBytes(absl::string_view bytes);

  const std::string& bytes() const { return bytes_; }
  std::string ToString() const;
  // The creation time of a version 7 UUID, to the millisecond.
  absl::Time time() const;

  friend bool operator==(const Uuid&, const Uuid&) = default;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Uuid& id) {
    return H::combine(std::move(h), id.bytes_);
  }

 private:
  std::string bytes_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_IDS_H_
