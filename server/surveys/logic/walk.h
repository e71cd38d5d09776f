// The way of one respondent through a survey: which questions the logic shows, given the answers, and where it ends.
// What survey.proto says about show_if, routes, pages and calculated values happens here and nowhere else.
//
//   const Walked walked = Walk(version.definition(), facts, response.answers());
//   for (int i = 0; i < definition.questions_size(); ++i) {
//     if (walked.shown[i]) …
//   }
//
// The questions are walked through once, in their order, and each depends on those before alone; so the walk always
// comes to an end, whatever the definition and the answers are. Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_LOGIC_WALK_H_
#define CANVASS_SERVER_SURVEYS_LOGIC_WALK_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <vector>

#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

struct Walked {
  // By the place of the question.
  std::vector<bool> shown;
  // Null if the survey has none. Valid as long as the definition is not changed.
  const v1::Ending* ending = nullptr;
  // The given facts, with the answers to questions that were shown as `answer` and the calculated values as `value`.
  google::protobuf::Struct facts;
};

// False if every respondent is shown every question, so that nobody needs to walk.
bool HasLogic(const v1::SurveyDefinition& definition);

// `facts` holds `event`, `contact` and `hidden`, each if known. Of several answers to one question the first counts;
// answers to unknown questions count for nothing. Conditions must have passed NormalizeCondition; others are false.
Walked Walk(const v1::SurveyDefinition& definition, const google::protobuf::Struct& facts,
            const google::protobuf::RepeatedPtrField<v1::Answer>& answers);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LOGIC_WALK_H_
