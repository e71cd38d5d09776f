// The addresses of respondents' pages on the HTTP port.
//
//   GET, POST /s/<token>, /s/<token>/<visit>   the survey, page by page (survey_page.h)
//   GET /s/<token>/qr.svg                      the address of a survey link as a QR code
//   GET, POST /u/<token>                       unsubscribe (unsubscribe_page.h)
//
//   HttpListener::Start(options, registry, ready, [&](httplib::Server& server) { AddRoutes(server, parts); });
//
// The handlers are thread-safe. Every reply says that it is not to be stored, framed, indexed or referred to. What goes
// wrong is answered by a page that tells the respondent what to do, with a reference under which the log has the rest.
#ifndef CANVASS_SERVER_HTTP_PAGES_ROUTES_H_
#define CANVASS_SERVER_HTTP_PAGES_ROUTES_H_

#include "server/http/pages/visit.h"

namespace httplib {
class Server;
}

namespace canvass::http {

// `parts` and what they refer to must outlive the server.
void AddRoutes(httplib::Server& server, const PageParts& parts);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_ROUTES_H_
