// One combination of a survey's breakdowns, for which cells are kept: the declared paths, sorted, each with the text of
// its fact ("" where it is absent).
//
//   Dimension dimension = {{"event.boarding_area", "A"}, {"response.language", "fr"}};
//   row.dimension_key = DimensionKey(dimension); row.payload = DimensionPayload(dimension);
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_DIMENSION_H_
#define CANVASS_SERVER_METRICS_DIMENSION_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/response.pb.h"

namespace canvass::metrics {

// Pairs of path and text, sorted by path.
using Dimension = std::vector<std::pair<std::string, std::string>>;

// A fact's text is cut to this many bytes, at a character's boundary.
inline constexpr std::size_t kMaxTextBytes = 256;

// The digest of `dimension`, 16 bytes: what the column dimension_key holds.
std::string DimensionKey(const Dimension& dimension);

// The column payload: a google.protobuf.ListValue of path, text, path, text, …
std::string DimensionPayload(const Dimension& dimension);
// The other way. Internal if `payload` is not such a list.
absl::StatusOr<Dimension> ParseDimension(absl::string_view payload);

// The text that `path` has in `dimension`, "" if it was not declared then.
absl::string_view TextOf(const Dimension& dimension, absl::string_view path);

// The text of the fact at `path`: event.* and contact.* from the facts, response.language and response.channel (in_app,
// email, webhook, link) from the response itself.
std::string BreakdownText(absl::string_view path, const v1::Response& response);
// The same of an invitation, for which response.* is "".
std::string BreakdownText(absl::string_view path, const v1::Invitation& invitation);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_DIMENSION_H_
