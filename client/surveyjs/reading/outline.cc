#include "client/surveyjs/reading/outline.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/reading/properties.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxElements = 1000;

std::string TextOf(const json& object, absl::string_view name) {
  const json* value = FindProperty(object, name);
  return value == nullptr ? "" : LooseText(*value);
}

std::string GuessedType(const json& element) {
  if (FindProperty(element, "elements") != nullptr) return "panel";
  if (FindProperty(element, "html") != nullptr) return "html";
  for (absl::string_view name : {"choices", "choicesFromQuestion", "choicesByUrl"}) {
    if (FindProperty(element, name) != nullptr) return "radiogroup";
  }
  for (absl::string_view name : {"rateMin", "rateMax", "rateValues", "rateCount"}) {
    if (FindProperty(element, name) != nullptr) return "rating";
  }
  if (FindProperty(element, "rows") != nullptr && FindProperty(element, "columns") != nullptr) return "matrix";
  return "text";
}

class Outliner {
 public:
  Outliner(const json& document, Report& report) : document_(document), report_(report) { FindTriggers(); }

  Outline Run() && {
    const json* pages = FindProperty(document_, "pages");
    if (pages != nullptr && pages->is_array()) {
      for (std::size_t i = 0; i < pages->size(); ++i) AddPage((*pages)[i], absl::StrCat("pages[", i, "]"));
    }
    // Both spellings of the same; a document without pages is one page.
    for (absl::string_view name : {"elements", "questions"}) {
      if (FindProperty(document_, name) == nullptr) continue;
      outline_.pages.push_back({&kNoPage, "", "", {}});
      AddElements(document_, "", {});
      break;
    }
    return std::move(outline_);
  }

 private:
  static inline const json kNoPage = json::object();

  // A trigger of type `visible` shows what is hidden at first, which is what a visibleIf does.
  void FindTriggers() {
    const json* triggers = FindProperty(document_, "triggers");
    if (triggers == nullptr || !triggers->is_array()) return;
    for (std::size_t i = 0; i < triggers->size(); ++i) {
      const json& trigger = (*triggers)[i];
      if (TextOf(trigger, "type") != "visible") continue;
      for (absl::string_view list : {"pages", "questions"}) {
        const json* names = FindProperty(trigger, list);
        if (names == nullptr || !names->is_array()) continue;
        for (const json& name : *names) {
          shown_by_trigger_.try_emplace(LooseText(name),
                                        Visibility{TextOf(trigger, "expression"), absl::StrCat("triggers[", i, "]")});
        }
      }
    }
  }

  // The element's own visibleIf, or the trigger that shows it; false if it is never shown.
  bool TakeVisibility(const json& object, const std::string& path, std::vector<Visibility>& visible_if) {
    const std::string expression = TextOf(object, "visibleIf");
    if (!expression.empty()) {
      visible_if.push_back({expression, absl::StrCat(path, path.empty() ? "" : ".", "visibleIf")});
      return true;
    }
    const json* visible = FindProperty(object, "visible");
    if (visible == nullptr || LooseBool(*visible).value_or(true)) return true;
    const auto trigger = shown_by_trigger_.find(TextOf(object, "name"));
    if (trigger != shown_by_trigger_.end()) {
      visible_if.push_back(trigger->second);
      return true;
    }
    report_.Add(path, "is never shown (visible is false): left out");
    return false;
  }

  void AddPage(const json& page, const std::string& path) {
    if (!page.is_object()) return report_.Add(path, "is no page: left out");
    PageOutline outline{&page, path, TextOf(page, "name"), {}};
    if (!TakeVisibility(page, path, outline.visible_if)) return;
    outline_.pages.push_back(std::move(outline));
    AddElements(page, path, {});
  }

  // The elements of a page or panel.
  void AddElements(const json& owner, const std::string& path, const std::vector<Visibility>& visible_if) {
    for (absl::string_view name : {"elements", "questions"}) {
      const json* elements = FindProperty(owner, name);
      if (elements == nullptr) continue;
      if (!elements->is_array()) {
        report_.Add(path, absl::StrCat(name, " is no list: left out"));
        continue;
      }
      for (std::size_t i = 0; i < elements->size(); ++i) {
        AddElement((*elements)[i], absl::StrCat(path, path.empty() ? "" : ".", name, "[", i, "]"), visible_if);
      }
      return;
    }
  }

  void AddElement(const json& json, const std::string& path, const std::vector<Visibility>& around) {
    if (!json.is_object()) return report_.Add(path, "is no element: left out");
    if (outline_.elements.size() >= kMaxElements) {
      return report_.Add(path, absl::StrCat("stands behind ", kMaxElements, " elements: left out"));
    }
    Element element{
        &json, path, TextOf(json, "type"), TextOf(json, "name"), static_cast<int>(outline_.pages.size()) - 1, around};
    if (!TakeVisibility(json, path, element.visible_if)) return;
    if (element.type.empty()) {
      element.type = GuessedType(json);
      report_.Add(path, absl::StrCat("has no type: read as ", element.type));
    }
    const std::vector<Visibility> visible_if = element.visible_if;
    const bool panel = element.type == "panel" || element.type == "flowpanel";
    if (panel) element.type = "panel";
    if (!panel || FindProperty(json, "title") != nullptr || FindProperty(json, "description") != nullptr) {
      outline_.elements.push_back(std::move(element));
    }
    if (panel) AddElements(json, path, visible_if);
  }

  const json& document_;
  Report& report_;
  Outline outline_;
  absl::flat_hash_map<std::string, Visibility> shown_by_trigger_;
};

}  // namespace

Outline OutlineOf(const json& document, Report& report) { return Outliner(document, report).Run(); }

}  // namespace canvass::surveyjs
