// Asks a questionnaire's questions one by one: each with its options numbered, its range and whether it is required; a
// reply that cannot be read is asked for again.
//
//   Interview interview(LineReplies(std::cin, …), AskAgain::kYes, say, style);
//   absl::StatusOr<Reply> reply = interview.Ask(question);
//
// What may be typed: option numbers or keys, `other:what it is`, numbers, dates, texts, yes or no; Enter for no answer,
// `-` to dismiss, `b` to go back.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_SURVEY_INTERVIEW_H_
#define CANVASS_CLIENT_CLI_SURVEY_INTERVIEW_H_

#include <functional>
#include <istream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "canvass/v1/response.pb.h"
#include "client/charts/style.h"
#include "client/cli/documents/node.h"

namespace canvass::cli {

// What the respondent types after `prompt`, without the line end. OutOfRange where nothing more comes.
using Replies = std::function<absl::StatusOr<std::string>(const v1::Question& question, absl::string_view prompt)>;
// Shows text as it is.
using Say = std::function<void(absl::string_view text)>;

// Line by line. `in` must outlive it.
Replies LineReplies(std::istream& in, Say say);
// From a map by question key: a number or text, a list of options, a map of rows; `-` dismisses, what is not there is
// not answered.
Replies MapReplies(Node answers);

// The one text that `texts` of a questionnaire hold, fit for a terminal; empty if there is none.
std::string OnlyText(const google::protobuf::Map<std::string, std::string>& texts);

enum class AskAgain { kNo, kYes };

struct Reply {
  enum class Kind { kAnswer, kNone, kBack };
  Kind kind = Kind::kNone;
  v1::Answer answer;
};

class Interview {
 public:
  Interview(Replies replies, AskAgain again, Say say, const charts::ChartStyle& style)
      : replies_(std::move(replies)), again_(again), say_(std::move(say)), style_(style) {}

  // The texts of `question` are in one language. The status of the replies; InvalidArgument for a bad reply that cannot
  // be asked for again.
  absl::StatusOr<Reply> Ask(const v1::Question& question);

  AskAgain again() const { return again_; }

 private:
  void Show(const v1::Question& question);
  // A file goes nowhere; there `b` is an option's key or a text.
  bool IsBack(absl::string_view text) const { return again_ == AskAgain::kYes && text == "b"; }
  absl::StatusOr<Reply> AskMatrix(const v1::Question& question);
  absl::StatusOr<Reply> Read(const v1::Question& question, const std::string& text);

  Replies replies_;
  const AskAgain again_;
  Say say_;
  const charts::ChartStyle style_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SURVEY_INTERVIEW_H_
