#include "client/surveyjs/logic/condition_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_of.h"
#include "client/surveyjs/expression/expression.h"

namespace canvass::surveyjs {
namespace {

absl::StatusOr<v1::Condition> ReadCondition(absl::string_view text, const Names& names, int position,
                                            std::vector<std::string>& caveats) {
  absl::StatusOr<Expression> expression = ParseExpression(text);
  if (!expression.ok()) return expression.status();
  return ConditionOf(
      *expression,
      [&](absl::string_view name) -> absl::StatusOr<Reference> {
        absl::StatusOr<Named> named = names.FindBefore(name, position);
        if (!named.ok()) return named.status();
        return std::move(named->reference);
      },
      caveats);
}

}  // namespace

std::optional<v1::Condition> ConditionReader::Read(absl::string_view expression, absl::string_view path, int position,
                                                   absl::string_view consequence) const {
  std::vector<std::string> caveats;
  absl::StatusOr<v1::Condition> condition = ReadCondition(expression, names_, position, caveats);
  if (!condition.ok()) {
    report_.Add(path, absl::StrCat(Quoted(expression), " ", condition.status().message(), ": ", consequence));
    return std::nullopt;
  }
  for (const std::string& caveat : caveats) report_.Add(path, absl::StrCat(Quoted(expression), ": ", caveat));
  return *std::move(condition);
}

std::optional<v1::Condition> ConditionReader::TryRead(absl::string_view expression, int position) const {
  std::vector<std::string> caveats;
  absl::StatusOr<v1::Condition> condition = ReadCondition(expression, names_, position, caveats);
  if (!condition.ok()) return std::nullopt;
  return *std::move(condition);
}

int ConditionReader::LastNamed(absl::string_view text) const {
  int last = -1;
  const absl::StatusOr<Expression> expression = ParseExpression(text);
  if (!expression.ok()) return last;
  for (const std::string& name : VariablesOf(*expression)) {
    const absl::StatusOr<Named> named = names_.FindBefore(name, Names::kEnd);
    if (named.ok() && named->reference.kind != Reference::Kind::kFact) last = std::max(last, named->position);
  }
  return last;
}

}  // namespace canvass::surveyjs
