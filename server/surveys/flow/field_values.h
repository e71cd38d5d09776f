// The values that a field of conditions may have, as far as comparisons can tell them apart: what there is to try in
// order to see whether a condition can ever be true.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_FIELD_VALUES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_FIELD_VALUES_H_

#include <google/protobuf/struct.pb.h>

#include <vector>

#include "absl/types/span.h"
#include "canvass/v1/condition.pb.h"
#include "canvass/v1/question.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

using Comparisons = absl::Span<const v1::Comparison* const>;

struct FieldValues {
  std::vector<google::protobuf::Value> values;
  // True if whatever a respondent answers, or whatever the fact is, each comparison is as true of it as of one of
  // `values`, all of them together. What cannot be told from incomplete values must be given the benefit of the doubt.
  bool complete = true;
};

// Of answers to `question`, of a matrix those in one row. `comparisons` are all those with the field.
FieldValues ValuesOfAnswer(const v1::Question& question, Comparisons comparisons);

// Of a hidden field, if it is there.
FieldValues ValuesOfHiddenField(const v1::HiddenField& field, Comparisons comparisons);

// Of a fact of `contact` or `event`, which may be anything.
FieldValues ValuesOfFact(Comparisons comparisons);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_FIELD_VALUES_H_
