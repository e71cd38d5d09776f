// SHA-256, HMACs and constant-time comparison over byte strings, and the bytes of messages that are to be digested.
#ifndef CANVASS_SERVER_BASE_DIGEST_H_
#define CANVASS_SERVER_BASE_DIGEST_H_

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

namespace canvass {

// Returns the 32 raw bytes of SHA-256 over `data`.
std::string Sha256(absl::string_view data);

// Returns the first 16 raw bytes of SHA-256 over `data`: what a BINARY(16) key column holds.
std::string Digest16(absl::string_view data);

// Returns `message` serialized with its maps in the order of their keys, so that the same content gives the same bytes.
std::string StableBytes(const google::protobuf::Message& message);

// Returns the 32 raw bytes of HMAC-SHA256 over `data` with `key`.
std::string HmacSha256(absl::string_view key, absl::string_view data);

// Returns the 20 raw bytes of HMAC-SHA1, which some others still sign with. Not for signatures of our own.
std::string HmacSha1(absl::string_view key, absl::string_view data);

// Compares in a time that depends on the lengths alone, so that a caller learns nothing of a secret by timing.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_DIGEST_H_
