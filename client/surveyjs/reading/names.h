// What the names of a SurveyJS document stand for in conditions and pipes.
//
//   names.Add("q1", {.reference = {…}, .position = 0});
//   absl::StatusOr<Named> named = names.FindBefore("q1", 3);   // for the fourth question
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_NAMES_H_
#define CANVASS_CLIENT_SURVEYJS_READING_NAMES_H_

#include <limits>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/surveyjs/expression/condition_of.h"

namespace canvass::surveyjs {

struct Named {
  Reference reference;
  // The question that gives the value: it is known to those behind it alone.
  int position = 0;
};

class Names {
 public:
  // Behind all questions.
  static constexpr int kEnd = std::numeric_limits<int>::max();

  // The first of several with one name stays.
  void Add(absl::string_view name, Named named);
  // The question at `position` is asked no more; the others keep their positions.
  void Remove(int position);
  // Those behind `position` move up by one.
  void CloseGap(int position);

  // What `name` stands for, for the question at `position`, or the end. `contact.x` and `event.x` are facts wherever
  // no question has that name. InvalidArgument with the reason if it is unknown, or known later.
  absl::StatusOr<Named> FindBefore(absl::string_view name, int position) const;
  // True if a question or calculated value has that name.
  bool Knows(absl::string_view name) const { return Find(name) != nullptr; }

 private:
  const Named* Find(absl::string_view name) const;

  absl::flat_hash_map<std::string, Named> exact_;
  absl::flat_hash_map<std::string, std::string> exact_of_lower_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_NAMES_H_
