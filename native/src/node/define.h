/** How an area's functions come into the addon. */
#pragma once

#include <node_api.h>

namespace causeway {

using Define = void (*)(napi_env env, napi_value exports);

void define_function(napi_env env, napi_value exports, const char* name, napi_callback function);

}  // namespace causeway
