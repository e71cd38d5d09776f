#include "server/responses/questionnaire/option_order.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"

namespace canvass::responses {
namespace {

using Options = google::protobuf::RepeatedPtrField<v1::ChoiceOption>;

// The generator's numbers are fixed by the standard, unlike those of its distributions.
std::mt19937_64 GeneratorOf(absl::string_view seed, absl::string_view question) {
  const std::string digest = Digest16(absl::StrCat(seed, "/", question));
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(digest[i]);
  return std::mt19937_64(number);
}

void Shuffle(std::mt19937_64 generator, Options& options) {
  std::vector<int> movable;
  for (int i = 0; i < options.size(); ++i) {
    if (!options[i].pinned()) movable.push_back(i);
  }
  // Fisher and Yates. The bias of the remainder is below 2⁻⁵⁴ for the 500 options that a question may have.
  for (std::size_t left = movable.size(); left > 1; --left) {
    options.SwapElements(movable[left - 1], movable[generator() % left]);
  }
}

}  // namespace

void OrderOptions(absl::string_view seed, v1::Question& question) {
  if (seed.empty()) return;
  const auto order = [&](v1::OptionOrder wanted, Options& options) {
    if (wanted == v1::OPTION_ORDER_SHUFFLED) Shuffle(GeneratorOf(seed, question.key()), options);
  };
  if (question.has_single_choice()) {
    order(question.single_choice().order(), *question.mutable_single_choice()->mutable_options());
  } else if (question.has_multiple_choice()) {
    order(question.multiple_choice().order(), *question.mutable_multiple_choice()->mutable_options());
  } else if (question.has_ranking()) {
    order(question.ranking().order(), *question.mutable_ranking()->mutable_options());
  } else if (question.has_matrix()) {
    order(question.matrix().order(), *question.mutable_matrix()->mutable_rows());
  }
}

}  // namespace canvass::responses
