// Which responses a list, an export or a stream gives: an AIP-160 filter over what ListResponsesRequest.filter names.
//
//   CANVASS_ASSIGN_OR_RETURN(const ResponseFilter filter, ResponseFilter::Parse("filter", request.filter()));
//   if (filter.Passes(response)) …
//
// Immutable; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_FILTER_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_FILTER_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"
#include "canvass/v1/response.pb.h"

namespace canvass::responses {

class ResponseFilter {
 public:
  // Lets everything pass.
  ResponseFilter() = default;

  // Blank text lets everything pass. InvalidArgument (INVALID_CONDITION) at `field`, also for fields of `response` that
  // there are none of.
  static absl::StatusOr<ResponseFilter> Parse(absl::string_view field, absl::string_view text);

  bool PassesAll() const { return condition_.kind_case() == v1::Condition::KIND_NOT_SET; }
  // `response` has all output fields.
  bool Passes(const v1::Response& response) const;

 private:
  explicit ResponseFilter(v1::Condition condition) : condition_(std::move(condition)) {}

  v1::Condition condition_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_FILTER_H_
