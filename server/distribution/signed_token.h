// Tokens that open something to whoever holds them: `<prefix><claims>.<mac>`, claims and mac base64url, the mac an
// HMAC-SHA256 over the claims. One class for each purpose says what the claims are; this is what they share.
//
//   SignedTokens tokens(secret, {.purpose = "canvass invitation token", .prefix = "cvi_"});
//   ClaimsWriter claims(kLayout);
//   claims.Text(tenant.value()).Bytes(id.bytes());
//   std::string token = tokens.Sign(claims.bytes());
//
// SignedTokens is thread-safe: it never changes. Writer and reader belong to one thread.
#ifndef CANVASS_SERVER_DISTRIBUTION_SIGNED_TOKEN_H_
#define CANVASS_SERVER_DISTRIBUTION_SIGNED_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace canvass::distribution {

struct TokenKind {
  // Each purpose has a key of its own, derived from the secret, so that no token passes for one of another kind.
  absl::string_view purpose;
  absl::string_view prefix;
};

class SignedTokens {
 public:
  // The texts of `kind` are literals. A new secret ends all tokens.
  SignedTokens(absl::string_view secret, TokenKind kind);

  // The same claims always give the same token.
  std::string Sign(absl::string_view claims) const;

  // The claims of a token that was signed by this secret for this purpose; nullopt for anything else.
  std::optional<std::string> Verify(absl::string_view token) const;

 private:
  std::string key_;
  absl::string_view prefix_;
};

// Puts claims together. The first byte names their layout, so that another one can be told from it.
class ClaimsWriter {
 public:
  explicit ClaimsWriter(char layout) : bytes_(1, layout) {}

  // At most 255 bytes, with their number before them.
  ClaimsWriter& Text(absl::string_view text);
  // As they are: the reader must know how many.
  ClaimsWriter& Bytes(absl::string_view bytes);
  // To the microsecond.
  ClaimsWriter& Time(absl::Time time);

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Takes claims apart, in the order in which they were written. What is not there reads as empty, and Complete() says so
// in the end.
class ClaimsReader {
 public:
  ClaimsReader(char layout, absl::string_view bytes);

  std::string Text();
  std::string Bytes(std::size_t count);
  absl::Time Time();

  // True if everything that was asked for was there, and nothing else.
  bool Complete() const { return whole_ && rest_.empty(); }

 private:
  bool whole_;
  absl::string_view rest_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_SIGNED_TOKEN_H_
