// What decides whether respondents come to a question or an ending: answers and facts, followed through conditions,
// calculated values, pages and the routes that lead past.
//
//   const Influences influences(map, broken);
//   if (const auto fields = influences.OnQuestion(7)) …    // places in influences.fields()
//
// Immutable, thus thread-safe. Map and definition must outlive it.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_INFLUENCES_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_INFLUENCES_H_

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "canvass/v1/survey.pb.h"
#include "server/surveys/flow/definition_map.h"
#include "server/surveys/flow/field_values.h"
#include "server/surveys/flow/reference_rules.h"

namespace canvass::surveys {

// An answer, one row of an answer, a hidden field, or a fact of event or contact, that conditions or values read.
struct InfluentialField {
  std::string path;
  int question = -1;  // the place of the question; -1 for a fact
  std::string row;    // of a matrix
  // What there is to try; see FieldValues.
  std::vector<google::protobuf::Value> values;
  bool complete = true;
  bool may_be_absent = true;  // even if its question is shown
};

class Influences {
 public:
  // Places in fields(); nullopt if something broken is among what decides.
  using Fields = std::optional<std::vector<int>>;

  Influences(const DefinitionMap& map, const Broken& broken);

  const std::vector<InfluentialField>& fields() const { return fields_; }

  // On the conditions of the question and its page, apart from the way there.
  Fields OnConditionsOf(int question) const;
  // On whether the question is shown.
  Fields OnQuestion(int question) const;
  // On whether the question is shown and one of its routes is taken.
  Fields OnRoutesOf(int question) const;
  // On whether any route ends the survey.
  Fields OnEnding() const;

 private:
  // What a condition, the routes of a question or a value read themselves: what the values read comes with these.
  struct Reads {
    std::vector<int> fields;
    std::vector<int> values;
    bool broken = false;
  };
  class Collector;

  // Adds what `field` names. Returns its place in fields_, -1 if it is a value.
  int Add(absl::string_view field, Reads& reads);
  static void Include(const Reads& part, Reads& reads);
  Reads OfCondition(const v1::Condition& condition, const Broken& broken);
  Reads OfRoutes(const v1::Question& question, const Broken& broken);
  Reads OfValue(const v1::CalculatedValue& value, const Broken& broken);
  int FieldAt(absl::string_view path);
  FieldValues FactValues(absl::string_view path, Comparisons comparisons) const;
  void FindValues();

  const DefinitionMap& map_;
  std::vector<InfluentialField> fields_;
  absl::flat_hash_map<std::string, int> places_;
  std::vector<bool> summed_;                                     // by field
  std::vector<std::vector<const v1::Comparison*>> comparisons_;  // by field
  std::vector<Reads> values_;                                    // by value
  std::vector<Reads> show_if_;                                   // by question
  std::vector<Reads> page_show_if_;                              // by question
  std::vector<Reads> routes_;                                    // by question
  // By question: its routes may lead past later questions before this place, and past none from there on.
  std::vector<int> leads_past_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_INFLUENCES_H_
