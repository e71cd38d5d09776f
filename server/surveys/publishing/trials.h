// Combinations of answers and facts, one after another: what respondents may come with.
//
//   Trials trials(influences, fields, Trials::Absence::kAllowed, definition);
//   if (trials.count() <= budget) while (trials.Next()) Walk(definition, trials.facts(), trials.answers());
//
// Not thread-safe. Influences and definition must outlive the trials.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_TRIALS_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_TRIALS_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <vector>

#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/surveys/publishing/influences.h"

namespace canvass::surveys {

class Trials {
 public:
  // Which fields may be absent: those that respondents need not answer, or all, since a question may not be shown.
  enum class Absence { kAllowed, kOfAll };

  // Of the values that `fields` may have, and their absence.
  Trials(const Influences& influences, std::vector<int> fields, Absence absence,
         const v1::SurveyDefinition& definition);

  // How many combinations there are, at most kMany.
  static constexpr int64_t kMany = int64_t{1} << 40;
  int64_t count() const { return count_; }
  // Whether these are all there are.
  bool complete() const { return complete_; }

  // Makes the next combination; false if there is none.
  bool Next();
  // Makes a combination that depends on `seed` alone.
  void Pick(uint64_t seed);

  const google::protobuf::RepeatedPtrField<v1::Answer>& answers() const { return answers_; }
  const google::protobuf::Struct& facts() const { return facts_; }

 private:
  int ChoicesOf(int field) const;
  void Make();

  const Influences& influences_;
  const v1::SurveyDefinition& definition_;
  const std::vector<int> fields_;
  const Absence absence_;
  std::vector<int> choices_;  // by place in fields_; the last choice is absence where a field may be absent
  bool started_ = false;
  bool complete_ = true;
  int64_t count_ = 1;
  google::protobuf::RepeatedPtrField<v1::Answer> answers_;
  google::protobuf::Struct facts_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_TRIALS_H_
