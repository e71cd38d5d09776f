// `canvass decision watch`: decisions as the server pushes them, a line each, until the user interrupts it.
//
// A stream that ends because its server stops, or because the connection is lost, is taken up again where it was; some
// decisions are printed twice then. Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_SENDING_WATCH_DECISIONS_H_
#define CANVASS_CLIENT_CLI_SENDING_WATCH_DECISIONS_H_

#include "absl/status/status.h"
#include "canvass/v1/decision_service.pb.h"
#include "client/cli/session.h"

namespace canvass::cli {

// Ok once the user interrupts it. With -o json each line is an object. An error if the first connection fails, or if
// the server refuses.
absl::Status WatchDecisions(Session& session, v1::WatchDecisionsRequest request);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SENDING_WATCH_DECISIONS_H_
