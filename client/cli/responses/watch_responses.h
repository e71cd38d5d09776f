// `canvass response watch`: responses as the server pushes them, a line each, until the user interrupts it.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_WATCH_RESPONSES_H_
#define CANVASS_CLIENT_CLI_RESPONSES_WATCH_RESPONSES_H_

#include "absl/status/status.h"
#include "canvass/v1/response_service.pb.h"
#include "client/cli/session.h"

namespace canvass::cli {

// See sending/watching.h. With -o json each line is a response, or a WatchResponsesResponse where one was erased.
absl::Status WatchResponses(Session& session, v1::WatchResponsesRequest request);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_WATCH_RESPONSES_H_
