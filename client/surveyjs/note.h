// What got lost or changed on the way between SurveyJS and Canvass.
//
// A plain value.
#ifndef CANVASS_CLIENT_SURVEYJS_NOTE_H_
#define CANVASS_CLIENT_SURVEYJS_NOTE_H_

#include <string>

namespace canvass::surveyjs {

struct Note {
  // Where in the document that was read: `pages[0].elements[2]` of a SurveyJS document, `questions[3].show_if` of a
  // definition. Empty: the document as a whole.
  std::string path;
  // What could not be carried over, or was changed, and to what. For people.
  std::string message;

  friend bool operator==(const Note&, const Note&) = default;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_NOTE_H_
