// Pipes: facts put into texts. survey.proto (SurveyDefinition) says what `{{answer.city|your city}}` means.
//
//   FillPipes(text, [&](absl::string_view path) { return FactTextOf(path); })
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_PIPES_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_PIPES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace canvass::surveys {

// One pipe of a text; the views are into it.
struct Pipe {
  absl::string_view path;      // `answer.city`, without blanks around
  absl::string_view fallback;  // what stands behind the bar
  bool has_fallback = false;
};

// The pipes of `text` in their order.
std::vector<Pipe> PipesOf(absl::string_view text);

// True if `text` opens a pipe that it does not close.
bool HasOpenPipe(absl::string_view text);

// What to put in: a text, the pipe's fallback (kAbsent), or nothing at all, which leaves the pipe as it is (kLater).
struct PipeValue {
  enum class Kind { kText, kAbsent, kLater };
  Kind kind = Kind::kAbsent;
  std::string text = {};
};

// `text` with every pipe replaced by what `value` says of its path; `\{{` becomes `{{` unless a pipe is left for later.
std::string FillPipes(absl::string_view text, absl::FunctionRef<PipeValue(absl::string_view path)> value);

// A fact as it is put into a text: blanks for control characters, at most 200 characters.
std::string PipedText(absl::string_view fact);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_PIPES_H_
