import type { profileRoutes } from '../../shared/api/profiles.ts';
import type { Profiles } from '../catalog/profiles.ts';
import { isRefusal, reject, RefusedError } from '../errors.ts';
import type { HandlersOf } from './call.ts';

/** `/profiles`: transcoding profiles. */
export function profileHandlers(profiles: Profiles): HandlersOf<typeof profileRoutes> {
  return {
    async listProfiles() {
      const items = await profiles.list();
      return { items, total: items.length };
    },

    async getProfile({ params }) {
      return (await profiles.get(params.id)) ?? reject('profileNotFound');
    },

    async createProfile({ body }) {
      return await profiles.create(body);
    },

    async updateProfile({ params, body }) {
      const changed = await profiles.update(params.id, body);
      if (isRefusal(changed)) throw new RefusedError(changed);
      return changed;
    },

    async deleteProfile({ params }) {
      const refusal = await profiles.delete(params.id);
      if (refusal) throw new RefusedError(refusal);
    },
  };
}
