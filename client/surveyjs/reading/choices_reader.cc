#include "client/surveyjs/reading/choices_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/reading/key_maker.h"
#include "client/surveyjs/special_choices.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxListedKeys = 10;
constexpr int kMaxDepth = 20;

// The element of that name; nullptr if there is none.
const json* FindElement(const json& value, absl::string_view name, int depth) {
  if (depth > kMaxDepth) return nullptr;
  if (value.is_object()) {
    const json* own = FindProperty(value, "name");
    if (own != nullptr && absl::string_view(LooseText(*own)) == name && FindProperty(value, "choices") != nullptr) {
      return &value;
    }
    for (const char* list : {"pages", "elements", "questions"}) {
      const json* inner = FindProperty(value, list);
      const json* found = inner == nullptr ? nullptr : FindElement(*inner, name, depth + 1);
      if (found != nullptr) return found;
    }
  } else if (value.is_array()) {
    for (const json& inner : value) {
      const json* found = FindElement(inner, name, depth + 1);
      if (found != nullptr) return found;
    }
  }
  return nullptr;
}

}  // namespace

Choices ChoicesReader::ReadList(const json* list, absl::string_view path, std::size_t most) const {
  Choices choices;
  if (list == nullptr || !list->is_array()) return choices;
  KeyMaker keys(KeyMaker::First::kAny, "option");
  std::set<std::string> rest;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string item_path = absl::StrCat(path, "[", i, "]");
    if (choices.options.size() == most) {
      report_.Add(item_path,
                  absl::StrCat("is one of ", list->size(), "; ", most, " are possible: the rest is left out"));
      break;
    }
    Properties item((*list)[i], item_path);
    const bool object = (*list)[i].is_object();
    const json* property = object ? item.Take("value") : &(*list)[i];
    // Columns of a matrix are named so, too.
    if (object && property == nullptr) property = item.Take("name");
    if (property == nullptr || IsEmpty(*property) || property->is_structured()) {
      report_.Add(item_path, "has no value: left out");
      continue;
    }
    TextMap text = object ? texts_.Read(item.Take("text"), item_path + ".text") : TextMap();
    if (object && text.empty()) text = texts_.Read(item.Take("title"), item_path + ".title");
    if (text.empty()) text = InAllLanguages(LooseText(*property));
    Append(*property, keys.Make(LooseText(*property)), std::move(text), choices);
    if (object) {
      choices.options.back().set_other(item.TakeFlag("showCommentArea") || item.TakeFlag("hasComment"));
      choices.options.back().set_exclusive(item.TakeFlag("isExclusive"));
      for (const std::string& name : item.Rest()) rest.insert(name);
    }
  }
  if (!rest.empty()) {
    report_.Add(path, absl::StrCat("not carried over of its items: ", absl::StrJoin(rest, ", ")));
  }
  TellKeys(path, choices);
  return choices;
}

Choices ChoicesReader::ReadChoices(Properties& properties, Exclusive exclusive, std::size_t most) const {
  const json* list = properties.Take("choices");
  Choices choices = ReadList(list != nullptr ? list : LentChoices(properties), properties.PathOf("choices"), most);
  if (choices.options.empty()) choices = ReadNumbers(properties, most);
  choices.order = ReadOrder(properties, "choicesOrder");
  AddSpecial(properties, exclusive, most, choices);
  bool other = false;
  for (v1::ChoiceOption& option : choices.options) {
    if (exclusive == Exclusive::kPlain) option.clear_exclusive();
    if (option.other() && other) {
      report_.Add(properties.path(), absl::StrCat("option '", option.key(), "' takes no text: one option alone does"));
      option.clear_other();
    }
    other = other || option.other();
  }
  return choices;
}

v1::OptionOrder ChoicesReader::ReadOrder(Properties& properties, absl::string_view name) const {
  const std::string order = properties.TakeText(name);
  if (order == "random") return v1::OPTION_ORDER_SHUFFLED;
  if (!order.empty() && order != "none" && order != "initial") {
    report_.Add(properties.PathOf(name), absl::StrCat(Quoted(order), " is left out: the order is as written"));
  }
  return v1::OPTION_ORDER_UNSPECIFIED;
}

void ChoicesReader::Append(json value, const std::string& key, TextMap text, Choices& choices) {
  v1::ChoiceOption& option = choices.options.emplace_back();
  option.set_key(key);
  *option.mutable_text() = std::move(text);
  choices.values.push_back({std::move(value), key});
}

TextMap ChoicesReader::InAllLanguages(absl::string_view text) const {
  TextMap map = texts_.Plain(text);
  for (const std::string& language : languages_) map[language] = std::string(text);
  return map;
}

const json* ChoicesReader::LentChoices(Properties& properties) const {
  const std::string name = properties.TakeText("choicesFromQuestion");
  if (name.empty()) return nullptr;
  const std::string mode = properties.TakeText("choicesFromQuestionMode");
  const json* lender = FindElement(document_, name, 0);
  if (lender == nullptr) {
    report_.Add(properties.PathOf("choicesFromQuestion"), absl::StrCat(Quoted(name), " has no choices to lend"));
    return nullptr;
  }
  const bool all = mode.empty() || mode == "all";
  report_.Add(properties.PathOf("choicesFromQuestion"),
              absl::StrCat("all choices of ", Quoted(name), " were copied",
                           all ? "" : absl::StrCat(", not the ", mode, " ones alone")));
  return FindProperty(*lender, "choices");
}

// A dropdown of the numbers from choicesMin to choicesMax.
Choices ChoicesReader::ReadNumbers(Properties& properties, std::size_t most) const {
  Choices choices;
  const std::optional<double> last = properties.TakeNumber("choicesMax");
  const double first = properties.TakeNumber("choicesMin").value_or(0);
  const double step = properties.TakeNumber("choicesStep").value_or(1);
  if (!last.has_value() || !(step > 0)) return choices;
  KeyMaker keys(KeyMaker::First::kAny, "option");
  for (std::size_t i = 0; first + static_cast<double>(i) * step <= *last; ++i) {
    if (i == most) {
      report_.Add(properties.PathOf("choicesMax"), absl::StrCat("is out of reach: ", most, " choices are possible"));
      break;
    }
    const json value = first + static_cast<double>(i) * step;
    Append(value, keys.Make(LooseText(value)), InAllLanguages(LooseText(value)), choices);
  }
  return choices;
}

void ChoicesReader::AddSpecial(Properties& properties, Exclusive exclusive, std::size_t most, Choices& choices) const {
  for (const SpecialChoice& special : kSpecialChoices) {
    const bool shown = properties.TakeFlag(special.flag) || properties.TakeFlag(special.old_flag);
    TextMap text = texts_.Read(properties.Take(special.text), properties.PathOf(special.text));
    if (!shown) continue;
    if (choices.options.size() == most) {
      report_.Add(properties.PathOf(special.flag), absl::StrCat("is left out: ", most, " choices are possible"));
      continue;
    }
    KeyMaker keys(KeyMaker::First::kAny, "option");
    for (const v1::ChoiceOption& option : choices.options) keys.Make(option.key());
    if (text.empty()) text = texts_.Standard(special.english, languages_);
    Append(std::string(special.value), keys.Make(special.value), std::move(text), choices);
    v1::ChoiceOption& option = choices.options.back();
    option.set_other(special.value == "other");
    option.set_exclusive(special.value != "other" && exclusive == Exclusive::kPossible);
    option.set_pinned(choices.order == v1::OPTION_ORDER_SHUFFLED);
  }
}

void ChoicesReader::TellKeys(absl::string_view path, const Choices& choices) const {
  std::vector<std::string> changed;
  for (const Reference::Option& option : choices.values) {
    const std::string value = LooseText(option.value);
    if (value == option.key) continue;
    if (changed.size() == kMaxListedKeys) {
      changed.push_back("…");
      break;
    }
    changed.push_back(absl::StrCat(Quoted(value), " is ", option.key));
  }
  if (!changed.empty()) report_.Add(path, absl::StrCat("values became keys: ", absl::StrJoin(changed, ", ")));
}

}  // namespace canvass::surveyjs
