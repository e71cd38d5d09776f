// What a respondent sees next, given the answers so far. questionnaire.proto says what a Step means.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_STEP_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_STEP_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/questionnaire.pb.h"
#include "canvass/v1/response.pb.h"
#include "server/responses/questionnaire/localized_survey.h"

namespace canvass::responses {

// Everything must outlive the call.
struct StepRequest {
  const LocalizedSurvey& survey;
  // What options are shuffled by; empty: not at all.
  absl::string_view seed;
  // `event`, `contact` and `hidden`.
  const google::protobuf::Struct& facts;
  const google::protobuf::RepeatedPtrField<v1::Answer>& answers;
  absl::string_view after_page;
  // The keys of the quotas that are full.
  const std::vector<std::string>& full_quotas;
};

// The step after `after_page`. `availability` is left unset. InvalidArgument (INVALID_FIELD) at `after_page` if the
// survey has no such page.
absl::StatusOr<v1::Step> NextStepOf(const StepRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_STEP_H_
