#include "client/surveyjs/reading/names.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

constexpr int kRemoved = -1;

bool IsFact(absl::string_view name) {
  const bool rooted = absl::StartsWith(name, "contact.") || absl::StartsWith(name, "event.");
  return rooted && name.size() <= 256 && !absl::EndsWith(name, ".") && !absl::StrContains(name, "..");
}

}  // namespace

void Names::Add(absl::string_view name, Named named) {
  if (name.empty()) return;
  exact_.try_emplace(std::string(name), std::move(named));
  exact_of_lower_.try_emplace(absl::AsciiStrToLower(name), std::string(name));
}

void Names::Remove(int position) {
  for (auto& [name, named] : exact_) {
    if (named.position == position) named.position = kRemoved;
  }
}

void Names::CloseGap(int position) {
  for (auto& [name, named] : exact_) {
    if (named.position > position) --named.position;
  }
}

absl::StatusOr<Named> Names::FindBefore(absl::string_view name, int position) const {
  const Named* named = Find(name);
  if (named == nullptr && IsFact(name)) {
    return Named{.reference = {.kind = Reference::Kind::kFact, .field = std::string(name)}, .position = 0};
  }
  if (named == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("refers to ", Quoted(name), ", which is not asked here"));
  }
  if (named->position == kRemoved) {
    return absl::InvalidArgumentError(absl::StrCat("refers to ", Quoted(name), ", which was left out"));
  }
  if (named->position >= position) {
    return absl::InvalidArgumentError(absl::StrCat("refers to ", Quoted(name), ", which is asked later"));
  }
  return *named;
}

const Named* Names::Find(absl::string_view name) const {
  for (absl::string_view each : {name, absl::StripPrefix(name, "panel.")}) {
    auto found = exact_.find(std::string(each));
    if (found != exact_.end()) return &found->second;
    const auto lower = exact_of_lower_.find(absl::AsciiStrToLower(each));
    if (lower != exact_of_lower_.end()) return &exact_.at(lower->second);
  }
  return nullptr;
}

}  // namespace canvass::surveyjs
