// What is wrong with one answer, on its way into the violations of the request that carries it.
//
// Belongs to one call of CheckAnswer; not thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_FAULTS_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_FAULTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "server/base/error.h"
#include "server/responses/validation/answer_path.h"

namespace canvass::responses {

class AnswerFaults {
 public:
  // All of them must outlive it.
  AnswerFaults(const v1::Question& question, const AnswerPath& path, Violations& violations)
      : question_(question), path_(path), violations_(violations) {}

  // `field` is one of Answer, empty for the answer as a whole.
  void Add(absl::string_view field, absl::string_view description) const;
  // That `key` is none of the question's options.
  void AddUnknownOption(absl::string_view field, absl::string_view key) const;
  // True once more need not be looked for.
  bool Full() const { return violations_.list().size() >= Violations::kMaxReported; }

  // "question 'recommend'"
  std::string Question() const;

 private:
  const v1::Question& question_;
  const AnswerPath& path_;
  Violations& violations_;
};

// What a message repeats of a caller's text: in quotation marks, cut where it is long, without odd bytes.
std::string Quoted(absl::string_view text);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_FAULTS_H_
