import express, { type RequestHandler, type Router } from 'express';
import type { Users } from '../catalog/users.ts';
import { identifyCaller, nameOf } from './callers.ts';
import { checkCaller } from './checkCaller.ts';
import type { UploadControl } from './uploadControl.ts';

/** `/uploads`: the protocol is tus 1.0, which has its own methods, headers and bodies. */
export function uploadRoutes(uploads: UploadControl, users: Users): Router {
  return express.Router({ caseSensitive: true }).all('/uploads{/:upload}', answer(uploads, users));
}

function answer(uploads: UploadControl, users: Users): RequestHandler {
  return async (request, response) => {
    response.locals.route = 'uploads';
    response.set('Cache-Control', 'no-store');
    const caller = checkCaller(await identifyCaller(users, request.headers), request);
    await uploads.handle(request, response, { userId: caller.session.user.id, name: nameOf(caller) });
  };
}
