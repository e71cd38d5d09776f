#include "server/surveys/publishing/check_for_publish.h"

#include <algorithm>

#include "server/surveys/definition/check_definition.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/definition_map.h"
#include "server/surveys/flow/reference_rules.h"
#include "server/surveys/flow/text_references.h"
#include "server/surveys/publishing/answer_rules.h"
#include "server/surveys/publishing/reach_rules.h"

namespace canvass::surveys {
namespace {

// Whether questions can be told apart and stand on the pages that they are meant to.
bool HasClearOrder(const DefinitionMap& map, const Broken& broken) {
  const auto& pages = map.definition().pages();
  return !map.IsAmbiguous() &&
         std::none_of(pages.begin(), pages.end(), [&](const v1::Page& page) { return broken.contains(&page); });
}

}  // namespace

bool CheckForPublish(v1::SurveyDefinition& definition, Violations& violations) {
  if (!CheckDefinition(definition, violations)) return false;
  Faults faults(violations);
  const DefinitionMap map(definition);
  const Broken broken = CheckReferences(map, faults);
  CheckAnswerable(definition, faults);
  CheckPipes(map, faults);
  CheckTranslations(definition, faults);
  // Once Full, not all that is broken is known.
  if (!faults.Full() && HasClearOrder(map, broken)) CheckReach(map, broken, faults);
  return true;
}

bool CheckForPublish(const v1::SurveyDefinition& definition, Violations& violations) {
  v1::SurveyDefinition copy = definition;
  return CheckForPublish(copy, violations);
}

}  // namespace canvass::surveys
