// What a caller presents, and what the server keeps of it.
//
//   cvk_<id>_<secret>   a tenant's key: 12 characters that find its row, then 40 of which 160 bits are random and the
//   last
//                       8 characters a check value under the server's secret. A made-up key fails the check, so
//                       guessing never reaches the database.
//   cvo_<secret>        the operator's credential, given by configuration
//
// Id and secret are lower-case base32 (a-z, 2-7). Only HMAC-SHA256(server secret, credential) is stored.
//
// Thread-safe.
#ifndef CANVASS_TENANTS_KEYS_CREDENTIAL_H_
#define CANVASS_TENANTS_KEYS_CREDENTIAL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/base/random.h"

namespace canvass::tenants {

// A new key: shown once, then only its HMAC is left.
struct NewCredential {
  std::string key_id;
  std::string text;
  std::string mac;
};

class CredentialAuthority {
 public:
  // `secret` is the server's, at least 32 bytes, the same on every server. `operator_credential` is `cvo_…`; empty if
  // there is no operator.
  CredentialAuthority(std::string secret, absl::string_view operator_credential);

  NewCredential Make(Random& random) const;

  // The 32 raw bytes that are stored for `credential`.
  std::string Mac(absl::string_view credential) const;

  bool IsOperator(absl::string_view credential) const;

  // True if Make() of a server with the same secret made `credential`: no proof that the key still exists.
  bool IsGenuine(absl::string_view credential) const;

 private:
  std::string CheckValue(absl::string_view credential_without_check) const;

  std::string secret_;
  std::string operator_mac_;  // empty: no operator
};

// True if `text` has the form of a key id.
bool IsKeyId(absl::string_view text);

// The key id within `cvk_<id>_<secret>`, a part of the text; nullopt if it has another form.
std::optional<absl::string_view> KeyIdOf(absl::string_view credential);

// The credential within "Bearer <credential>" (the scheme in any case); nullopt if there is none.
std::optional<absl::string_view> BearerCredential(absl::string_view authorization);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_CREDENTIAL_H_
