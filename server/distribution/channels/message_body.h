// What a message to a person says, in the person's language: sentences of the server around the survey's first
// question.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_BODY_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_BODY_H_

#include <string>

#include "server/distribution/channels/channel.h"

namespace canvass::distribution {

struct MessageBody {
  std::string subject;
  std::string text;
  std::string html;
};

// The body of a mail.
MessageBody WriteBody(const Outgoing& message, const MessageLinks& links);

// The body of a text message.
std::string WriteShortBody(const Outgoing& message, const MessageLinks& links);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_MESSAGE_BODY_H_
