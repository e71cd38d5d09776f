// The sentences of messages, in the languages that the server speaks. Questions come from the survey, in its own.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_TEXTS_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_TEXTS_H_

#include "absl/strings/string_view.h"

namespace canvass::distribution {

// What the ends of a scale mean.
struct ScaleEnds {
  absl::string_view low;
  absl::string_view high;
};

// In one language. `$0` stands for the name of the brand.
struct MessageTexts {
  absl::string_view language;
  absl::string_view subject;
  absl::string_view reminder_subject;
  absl::string_view greeting;
  absl::string_view intro;
  absl::string_view reminder_intro;
  absl::string_view choose;  // above the numbers of a scale
  absl::string_view open;    // on the link to the survey
  absl::string_view footer;
  absl::string_view unsubscribe;
  absl::string_view privacy;
  absl::string_view sms;           // the link follows
  absl::string_view sms_reminder;  // the link follows
  ScaleEnds likelihood;
  ScaleEnds satisfaction;
  ScaleEnds ease;
  ScaleEnds effort;
};

// Those of `language`, or of the same without its last subtags, or the English ones.
const MessageTexts& MessageTextsIn(absl::string_view language);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_TEXTS_H_
