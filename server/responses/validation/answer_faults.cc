#include "server/responses/validation/answer_faults.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace canvass::responses {
namespace {

// How much of a wrong value an error repeats.
constexpr std::size_t kQuotedBytes = 100;

}  // namespace

void AnswerFaults::Add(absl::string_view field, absl::string_view description) const {
  violations_.Add(path_.To(field), description);
}

void AnswerFaults::AddUnknownOption(absl::string_view field, absl::string_view key) const {
  Add(field, absl::StrCat(Quoted(key), " is not an option of ", Question()));
}

std::string AnswerFaults::Question() const { return absl::StrCat("question '", question_.key(), "'"); }

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::CHexEscape(text.substr(0, kQuotedBytes)), "'");
}

}  // namespace canvass::responses
