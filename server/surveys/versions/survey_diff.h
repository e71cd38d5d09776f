// What changed from one definition to another, part by part.
//
//   for (const v1::SurveyChange& change : DiffDefinitions(base, target)) …   questions[recommend].text["cs"] CHANGED
//
// The fields are walked through by reflection, so that one which is added to the proto is compared without a line here.
// Elements of a list are matched by what identifies them, see IdentityOf. Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SURVEY_DIFF_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SURVEY_DIFF_H_

#include <google/protobuf/message.h>

#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/survey_service.pb.h"

namespace canvass::surveys {

inline constexpr std::size_t kMaxChanges = 1000;

// `definition` with the defaults that question.proto and survey.proto document written out, so that saying one is no
// change.
v1::SurveyDefinition WithDefaults(v1::SurveyDefinition definition);

// In the order of the newer one; what was removed comes where it stood. At most kMaxChanges. An element that is new or
// gone is one change, whatever it holds. Both have their defaults written out.
std::vector<v1::SurveyChange> DiffDefinitions(const v1::SurveyDefinition& base, const v1::SurveyDefinition& target);

// The same for a part of two definitions, of one type; paths start there. Texts are shortened in `language`.
std::vector<v1::SurveyChange> DiffParts(const google::protobuf::Message& base, const google::protobuf::Message& target,
                                        absl::string_view language);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SURVEY_DIFF_H_
