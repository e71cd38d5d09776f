// The server's two secrets: what signs API keys and invitation tokens, and the operator's credential. Given as files,
// or made once in the data directory (mode 0600) when the server runs its private database.
#ifndef CANVASS_SERVER_MAIN_SECRETS_H_
#define CANVASS_SERVER_MAIN_SECRETS_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/base/random.h"
#include "server/main/config.h"

namespace canvass {

struct Secrets {
  // At least 32 bytes.
  std::string signing_secret;
  // `cvo_…`
  std::string operator_credential;
  // Where the operator's credential can be read.
  std::string operator_key_file;
  // Of the mail relay; may be empty.
  std::string smtp_password;
};

// InvalidArgument if a file is unreadable or too short; the message names the file, never its content.
absl::StatusOr<Secrets> LoadSecrets(const Config& config, Random& random);

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_SECRETS_H_
