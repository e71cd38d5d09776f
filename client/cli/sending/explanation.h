// Why a trigger did or did not ask a customer, rule by rule: for `decision explain` and `trigger explain`.
#ifndef CANVASS_CLIENT_CLI_SENDING_EXPLANATION_H_
#define CANVASS_CLIENT_CLI_SENDING_EXPLANATION_H_

#include <string>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace canvass::cli {

// Asks the server about the decision of that full name and prints its findings; with -o json or yaml all of the answer,
// facts included.
absl::Status PrintExplanation(Session& session, const std::string& decision);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SENDING_EXPLANATION_H_
