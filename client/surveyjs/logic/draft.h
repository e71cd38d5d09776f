// A definition while it is made out of a SurveyJS document.
//
// A plain value.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_DRAFT_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_DRAFT_H_

#include <string>
#include <vector>

#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/reading/names.h"
#include "client/surveyjs/reading/outline.h"

namespace canvass::surveyjs {

struct Draft {
  // Where a question comes from.
  struct Origin {
    std::string path;
    int page = 0;
    std::vector<Visibility> visible_if;
  };
  v1::SurveyDefinition definition;
  std::vector<Origin> origins;  // one for each question of the definition
  Names names;

  // The place of the first question of `page`, and that behind its last; both the same if it has none.
  int FirstOf(int page) const {
    int place = 0;
    while (place < static_cast<int>(origins.size()) && origins[place].page < page) ++place;
    return place;
  }
  int EndOf(int page) const { return FirstOf(page + 1); }
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_DRAFT_H_
