// Suppressions from the command line: those who must not be asked, told by address or by contact.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_PEOPLE_SUPPRESSION_H_
#define CANVASS_CLIENT_CLI_PEOPLE_SUPPRESSION_H_

#include <string>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct SuppressionTarget {
  // One of the two.
  std::string contact;
  std::string address;
  // Of a contact; empty: all.
  std::string channel;
};

// Adds one and prints it. `reason` as people write it, for example `bounced`.
absl::Status AddSuppression(Session& session, const SuppressionTarget& target, const std::string& reason,
                            const std::string& note);

// Takes the one of exactly this target away. NotFound if there is none.
absl::Status RemoveSuppression(Session& session, const SuppressionTarget& target);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_PEOPLE_SUPPRESSION_H_
