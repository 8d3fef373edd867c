import * as vscode from 'vscode';
import type { HostKeyPrompt, HostKeyQuestion } from '../hosts/hostKeys';
import { confirm } from './messages';

/** Shows the fingerprint of a host that is not known yet and lets the user decide. */
export class HostKeyDialog implements HostKeyPrompt {
  async acceptHostKey({ name, address, keyType, fingerprint }: HostKeyQuestion): Promise<boolean> {
    const accept = vscode.l10n.t('Accept and Connect');
    const detail = vscode.l10n.t(
      '{0} shows the {1} key\n{2}\n\nAccept it only if this is the fingerprint that the administrator of the host gives. It is then remembered, and a different key will be refused.',
      address,
      keyType,
      fingerprint,
    );
    return confirm(vscode.l10n.t('The host "{0}" is not known yet.', name), detail, accept);
  }
}
